# A sorry page with IPv4 alone: IPv6 is NODATA then, never an address of the other family.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2  203.0.113.10 2001:db8::10
endpoint page 192.0.2.99 when up
pool ec2
all-down sorry page

at 1s  expect AAAA 2001:db8::10
at 10s ec2 refuses
at 13s expect A open 192.0.2.99
at 13s expect AAAA nothing
