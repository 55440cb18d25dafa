# Both families or neither: an endpoint whose IPv6 fails is out for IPv4 too.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10 2001:db8::10
endpoint azure 198.51.100.20 2001:db8::20
endpoint old   192.0.2.1
pool ec2 | azure | old
coupling both

at 1s  expect AAAA 2001:db8::10
at 10s 2001:db8::10 refuses
at 13s expect AAAA 2001:db8::20
at 13s expect A 198.51.100.20
at 20s 198.51.100.20 refuses
at 23s expect A 192.0.2.1
# Of IPv6 nobody is left.
at 23s expect AAAA open 2001:db8::10
at 30s ec2 ok
at 32s expect A 203.0.113.10
at 32s expect AAAA 2001:db8::10
