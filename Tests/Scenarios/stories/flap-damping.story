# Three turns to down within a minute: held down, longer each time.
check interval 1s timeout 500ms rise 1 fall 1 flaps 3 within 60s hold 20s longest 30s
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 9500ms  ec2 refuses
at 10500ms ec2 ok
at 11500ms expect A 203.0.113.10
at 14500ms ec2 refuses
at 15500ms ec2 ok
at 16500ms expect A 203.0.113.10
# The third time within the minute: good again, but not trusted for 20 s.
at 19500ms ec2 refuses
at 20500ms ec2 ok
at 25s     expect A 198.51.100.20
at 39s     expect A 198.51.100.20
at 41s     expect A 203.0.113.10
# And again: twice as long, but no longer than 30 s.
at 44500ms ec2 refuses
at 45500ms ec2 ok
at 66s     expect A 198.51.100.20
at 74s     expect A 198.51.100.20
at 77s     expect A 203.0.113.10
