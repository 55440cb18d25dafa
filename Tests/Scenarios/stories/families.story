# IPv4 and IPv6 of one site fail independently; a family nobody has is no data, never an error.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10 2001:db8::10
endpoint azure 198.51.100.20 2001:db8::20
pool ec2 | azure

at 1s  expect AAAA 2001:db8::10
at 10s 2001:db8::10 refuses
at 13s expect AAAA 2001:db8::20
at 13s expect A 203.0.113.10
at 20s 2001:db8::20 refuses
at 23s expect AAAA open 2001:db8::10
at 23s expect A 203.0.113.10
at 30s ec2 ok
at 32s expect AAAA 2001:db8::10
