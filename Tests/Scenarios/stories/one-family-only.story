# Only the secondary has IPv6: it is that family's primary, and its failure does not empty the answer.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20 2001:db8::20
pool ec2 | azure

at 1s  expect AAAA 2001:db8::20
at 10s azure refuses
at 13s expect AAAA open 2001:db8::20
at 13s expect A 203.0.113.10
