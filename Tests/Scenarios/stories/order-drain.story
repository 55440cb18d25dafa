# Drain: out of the answer at once, whatever the probes say; back with release.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10 2001:db8::10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s drain ec2
at 10s expect accepted
at 10s expect A 198.51.100.20
at 60s expect ec2 down
at 60s release ec2
at 60s expect A 203.0.113.10
at 61s drain gcp
at 61s expect refused
at 61s expect changes 2
