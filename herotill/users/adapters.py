"""How the second-factor library keeps its secrets."""

from allauth.mfa.adapter import DefaultMFAAdapter

from herotill import secrets


class SecondFactorAdapter(DefaultMFAAdapter):
    """Keeps authenticator secrets encrypted with the keys of the house."""

    def encrypt(self, text: str) -> str:
        return secrets.encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return secrets.decrypt(encrypted_text)
