# Hold on return: good again for so long before it counts; a failure meanwhile starts it anew.
check interval 1s timeout 500ms rise 2 fall 3 hold-down 10s
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 9500ms  ec2 refuses
at 13s     expect A 198.51.100.20
at 19500ms ec2 ok
# Two successes at 21.010 s: it may return at 31.010 s.
at 30900ms expect A 198.51.100.20
at 31100ms expect A 203.0.113.10
at 39500ms ec2 refuses
at 43s     expect A 198.51.100.20
at 49500ms ec2 ok
at 54500ms ec2 refuses
at 55500ms ec2 ok
# Anew: successes at 56 and 57 s, so at 67.010 s.
at 66900ms expect A 198.51.100.20
at 67100ms expect A 203.0.113.10
