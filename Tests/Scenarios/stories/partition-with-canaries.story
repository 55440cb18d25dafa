# The prober is cut off: its canaries say so, and nothing is withdrawn. When they answer again it counts anew.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
canary 192.0.2.53 192.0.2.54
pool ec2 | azure

at 10s prober isolated
at 60s expect A 203.0.113.10
at 60s expect changes 0
at 60s expect ec2 up
at 60s prober back
at 70s expect A 203.0.113.10
# The site itself fails while the canaries answer: as ever.
at 80s ec2 refuses
at 84s expect A 198.51.100.20
# One canary of two is enough.
at 90s ec2 ok
at 93s expect A 203.0.113.10
at 95s 192.0.2.53 hangs
at 100s ec2 refuses
at 104s expect A 198.51.100.20
