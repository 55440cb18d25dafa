# Each family by itself: the default.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10 2001:db8::10
endpoint azure 198.51.100.20 2001:db8::20
pool ec2 | azure
coupling independent

at 10s 203.0.113.10 refuses
at 13s expect A 198.51.100.20
at 13s expect AAAA 2001:db8::10
