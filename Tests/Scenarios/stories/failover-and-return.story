# The primary dies and comes back: out after three failures, back after two successes.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 1s     expect A 203.0.113.10
at 10s    ec2 refuses
at 11999ms expect A 203.0.113.10
at 12001ms expect A 198.51.100.20
at 60s    ec2 ok
at 61009ms expect A 198.51.100.20
at 61010ms expect A 203.0.113.10
at 100s   expect changes 2
