"""WeCom (企业微信): an app's callbacks in and messages out, and a group's robot."""
