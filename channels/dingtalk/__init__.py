"""DingTalk (钉钉): a robot's messages in and out, and a group's robot out."""
