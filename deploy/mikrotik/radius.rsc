# A MikroTik router that asks HeroTill's RADIUS. RouterOS 7.15 or newer; put in the two addresses and the secret, which
# HeroTill shows once on the router's page. Paste it into a terminal, or: /import radius.rsc

:local radius "10.0.0.5"
:local ours "10.1.0.1"
:local secret "SECRET FROM HEROTILL"

# Ask from the address under which HeroTill knows this router, sign requests, and want answers signed.
/radius add service=ppp,hotspot address=$radius src-address=$ours secret=$secret timeout=3s require-message-auth=yes-for-request-resp comment="HeroTill"

# Take changes of speed and disconnects from HeroTill.
/radius incoming set accept=yes port=3799

# Log in by RADIUS and report usage; how often, HeroTill says in its answer.
/ppp aaa set use-radius=yes accounting=yes interim-update=5m

# Suspended accounts in the walled garden stand in the address list "suspended": they reach DNS and your portal alone.
# What they ask for without encryption is led to port 8081 of HeroTill's machine, which shows them why (nginx.conf).
/ip firewall address-list add list=walled-garden address=portal.isp.example comment="HeroTill"
/ip firewall filter add chain=forward src-address-list=suspended dst-address-list=walled-garden action=accept comment="HeroTill"
/ip firewall filter add chain=forward src-address-list=suspended protocol=udp dst-port=53 action=accept comment="HeroTill"
/ip firewall nat add chain=dstnat src-address-list=suspended dst-address-list=!walled-garden protocol=tcp dst-port=80 action=dst-nat to-addresses=$radius to-ports=8081 comment="HeroTill"
/ip firewall filter add chain=forward src-address-list=suspended dst-address=$radius protocol=tcp dst-port=8081 action=accept comment="HeroTill"
/ip firewall filter add chain=forward src-address-list=suspended action=reject reject-with=icmp-admin-prohibited comment="HeroTill"

# A clock that is right: usage is counted by the time the router tells.
/system ntp client set enabled=yes
/system ntp client servers add address=za.pool.ntp.org

# Let only HeroTill's machine change sessions.
/ip firewall filter add chain=input protocol=udp dst-port=3799 src-address=!$radius action=drop comment="HeroTill"
