# The same turns, but not within the minute: nothing is held.
check interval 1s timeout 500ms rise 1 fall 1 flaps 3 within 60s hold 20s longest 30s
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 9500ms  ec2 refuses
at 10500ms ec2 ok
at 49500ms ec2 refuses
at 50500ms ec2 ok
at 89500ms ec2 refuses
at 90500ms ec2 ok
at 91100ms expect A 203.0.113.10
