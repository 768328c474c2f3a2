"""What collecting begins with: rules that do nothing yet, the codes of unpaids, banks, the debit-order service."""

from django.db import migrations

RULES = """
INSERT INTO billing_collectionrules DEFAULT VALUES;
INSERT INTO billing_suspensionrules DEFAULT VALUES;
INSERT INTO billing_bankservice (kind, name, instruction) VALUES ('netcash', 'Netcash', 'TwoDay');
"""

# Code, words, what follows: as Netcash publishes them; bank accounts first, then cards.
CODES = """
INSERT INTO billing_unpaidcode (code, text, effect) VALUES
    (2, 'Not provided for', 'represent'),
    (3, 'Debits not allowed on this account', 'block'),
    (4, 'Payment stopped by the account holder', 'dispute'),
    (6, 'Account frozen', 'block'),
    (8, 'Account holder sequestrated', 'block'),
    (10, 'Company in liquidation', 'block'),
    (12, 'Account closed', 'block'),
    (14, 'Account transferred within the bank', 'block'),
    (16, 'Account transferred to another bank', 'block'),
    (18, 'Account holder deceased', 'block'),
    (22, 'Effects not cleared', 'keep'),
    (26, 'No such account', 'block'),
    (28, 'Recalled or withdrawn', 'block'),
    (30, 'No authority to debit', 'dispute'),
    (32, 'Debit against the authority given', 'dispute'),
    (34, 'Authority cancelled', 'dispute'),
    (36, 'Stopped before by a stop payment', 'block'),
    (50, 'Account number invalid', 'block'),
    (51, 'Recalled by the bank', 'block'),
    (56, 'Account not FICA compliant', 'block'),
    (60, 'Unpaid twice in a row', 'block'),
    (145, 'Failed the final validation', 'block'),
    (81, 'Card: token not known', 'block'),
    (82, 'Card: the holder calls the bank', 'block'),
    (83, 'Card: no answer in time', 'represent'),
    (84, 'Card: reported stolen', 'block'),
    (85, 'Card: account closed', 'block'),
    (86, 'Card: disputed', 'dispute'),
    (87, 'Card: number invalid', 'block'),
    (88, 'Card: expired', 'block');
"""

BANKS = """
INSERT INTO billing_payerbank (name, branch_code, check_rule) VALUES
    ('Absa', '632005', 'absa'),
    ('African Bank', '430000', 'african'),
    ('Bank Zero', '888000', ''),
    ('Bidvest Bank', '462005', 'bidvest'),
    ('Capitec Bank', '470010', 'capitec'),
    ('Capitec Business (Mercantile)', '450105', 'mercantile'),
    ('Discovery Bank', '679000', ''),
    ('FNB / RMB', '250655', 'fnb'),
    ('Grindrod Bank', '223626', ''),
    ('Investec', '580105', 'investec'),
    ('Nedbank', '198765', 'nedbank'),
    ('Postbank', '460005', 'postbank'),
    ('Sasfin Bank', '683000', ''),
    ('Standard Bank', '051001', 'standard'),
    ('TymeBank', '678910', '');
"""

# What no model can say, since nothing is asked of an encrypted column there.
ENCRYPTED = """
ALTER TABLE billing_cardgateway ADD CONSTRAINT payfast_only_with_a_passphrase
    CHECK (NOT is_on OR kind <> 'payfast' OR passphrase <> '');
ALTER TABLE billing_debitdetail ADD CONSTRAINT debit_detail_has_a_number CHECK (number <> '');
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0027_collecting")]
    operations = [
        migrations.RunSQL(RULES + CODES + BANKS, migrations.RunSQL.noop),
        migrations.RunSQL(
            ENCRYPTED,
            "ALTER TABLE billing_cardgateway DROP CONSTRAINT payfast_only_with_a_passphrase;"
            "ALTER TABLE billing_debitdetail DROP CONSTRAINT debit_detail_has_a_number",
        ),
    ]
