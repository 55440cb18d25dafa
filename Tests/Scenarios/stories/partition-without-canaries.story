# Without canaries a prober that is cut off believes what it sees: everybody down, so the pool opens.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 9500ms  prober isolated
at 12600ms expect A open 203.0.113.10
at 59500ms prober back
at 61100ms expect A 203.0.113.10
