# Failback by weight: 5 % of the answers first, ten steps to all of them.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure
failback ramp 100s

at 9500ms  ec2 refuses
at 13s     expect odds A 198.51.100.20 100%
at 19500ms ec2 ok
# Up again at 21.010 s.
at 22s     expect odds A 203.0.113.10 5%
at 32s     expect odds A 203.0.113.10 15%
at 72s     expect odds A 203.0.113.10 55%
at 120s    expect odds A 203.0.113.10 95%
at 122s    expect odds A 203.0.113.10 100%
# A failure on the way ends it.
at 129500ms ec2 refuses
at 132100ms expect odds A 198.51.100.20 100%
