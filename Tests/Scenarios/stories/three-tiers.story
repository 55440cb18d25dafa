# Tiers in order, each a set: equals answer together, and the pool never goes further than it must.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2a  203.0.113.10
endpoint ec2b  203.0.113.11
endpoint azure 198.51.100.20
endpoint spare 192.0.2.99
pool ec2a ec2b | azure | spare

at 1s  expect A 203.0.113.10 203.0.113.11
at 10s ec2a refuses
at 13s expect A 203.0.113.11
at 20s ec2b refuses
at 23s expect A 198.51.100.20
at 30s azure hangs
at 33s expect A 192.0.2.99
at 40s ec2b ok
at 42s expect A 203.0.113.11
at 50s ec2a ok
at 52s expect A 203.0.113.10 203.0.113.11
at 60s ec2a refuses
at 60s ec2b refuses
at 60s spare refuses
at 63s expect A open 203.0.113.10 203.0.113.11
