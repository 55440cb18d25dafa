# IPv6 only while the same endpoint's IPv4 is up, not the other way round.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10 2001:db8::10
endpoint azure 198.51.100.20 2001:db8::20
pool ec2 | azure
coupling v6-with-v4

at 10s 2001:db8::10 refuses
at 13s expect AAAA 2001:db8::20
at 13s expect A 203.0.113.10
at 20s ec2 ok
at 22s expect AAAA 2001:db8::10
at 30s 203.0.113.10 refuses
at 33s expect A 198.51.100.20
at 33s expect AAAA 2001:db8::20
