"""SMSPortal, South Africa: up to a hundred texts a call. https://docs.smsportal.com"""
