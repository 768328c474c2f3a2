"""BulkSMS: one text a call, each with an id under which it is sent once. https://www.bulksms.com/developer/json/v1/"""
