# A kill between the second and the third failure: the verdict is kept, the count of the last seconds may be lost.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 20500ms ec2 refuses
at 22100ms expect A 203.0.113.10
at 22200ms kill
at 22200ms expect decided
at 22200ms expect A 203.0.113.10
at 25s     expect A 198.51.100.20
# The transition was 100 ms ago, so it is on disk.
at 25s     kill
at 25s     expect A 198.51.100.20
