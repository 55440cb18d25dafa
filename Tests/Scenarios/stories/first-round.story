# Serving waits for every first result, or for its end: who has none by then counts as up.
check interval 10s timeout 5s rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 0s     ec2 hangs
at 0s     azure ok
at 1s     expect undecided
at 3s     serve
at 3s     expect decided
at 3s     expect A 203.0.113.10
at 5s     expect A 198.51.100.20
