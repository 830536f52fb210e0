"""WeCom's smart robot (智能机器人): asked by callbacks, or over a connection that we open."""
