# A check that only the operator sets: up until told otherwise.
check app interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10 when all(app, manual(release-gate))
endpoint azure 198.51.100.20 check app
pool ec2 | azure

at 1s  expect A 203.0.113.10
at 10s force release-gate down
at 10s expect accepted
at 10s expect A 198.51.100.20
at 20s release release-gate
at 20s expect A 203.0.113.10
