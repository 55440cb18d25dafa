# Forced up though dead, forced down though well: probes go on below and count again after release.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s force ec2 up
at 20s ec2 refuses
at 60s expect A 203.0.113.10
at 60s expect ec2 up
at 60s release ec2
at 60s expect A 198.51.100.20
at 70s force azure down
at 70s expect A open 203.0.113.10
at 80s ec2 ok
at 82s expect A 203.0.113.10
at 83s ec2 refuses
at 86s expect A open 203.0.113.10
at 90s release azure
at 90s expect A 198.51.100.20
