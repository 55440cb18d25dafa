# The wall clock set forwards or back is no verdict, and delays none.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s clock +1h
at 11s expect A 203.0.113.10
at 11s expect changes 0
at 20s ec2 refuses
at 21s clock -3h
at 23s expect A 198.51.100.20
at 30s ec2 ok
at 31s clock +24h
at 32s expect A 203.0.113.10
