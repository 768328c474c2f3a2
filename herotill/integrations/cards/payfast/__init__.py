"""PayFast: signed notices, stored cards, a public sandbox. https://developers.payfast.co.za"""
