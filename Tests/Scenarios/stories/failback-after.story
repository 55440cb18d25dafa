# Failback after a hold: the preferred one returns when it was up for so long without a break.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure
failback after 60s

at 10s  ec2 refuses
at 13s  expect A 198.51.100.20
at 19500ms ec2 ok
# Up again at 21.010 s; a break at 43 s starts the hold anew.
at 40s  ec2 refuses
at 42100ms expect ec2 down
at 49500ms ec2 ok
at 82s  expect A 198.51.100.20
at 111s expect A 198.51.100.20
at 111020ms expect A 203.0.113.10
# The hold is for coming back only: a failure of who answers is followed at once.
at 120s ec2 refuses
at 123s expect A 198.51.100.20
at 123500ms ec2 ok
at 130s azure refuses
at 133s expect A 203.0.113.10
