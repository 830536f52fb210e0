"""WeChat Official Accounts (微信公众号): callbacks in, texts out."""
