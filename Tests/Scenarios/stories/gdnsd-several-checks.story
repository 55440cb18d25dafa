# gdnsd: of several service types of one address, it is down while any is.
check web   interval 1s timeout 500ms rise 2 fall 3
check login interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10 check web login
endpoint azure 198.51.100.20 check web login
pool ec2 | azure

at 10s login@ec2 status 503
at 13s expect A 198.51.100.20
at 20s web@ec2 refuses
at 30s login@ec2 ok
at 33s expect A 198.51.100.20
at 40s web@ec2 ok
at 42s expect A 203.0.113.10
