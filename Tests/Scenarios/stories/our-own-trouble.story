# A prober out of descriptors says nothing about anybody, however long; a run of failures waits.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s ec2 unprobed
at 10s azure unprobed
at 600s expect A 203.0.113.10
at 600s expect changes 0
at 600s ec2 refuses
at 602s ec2 unprobed
at 700s expect A 203.0.113.10
at 700s ec2 refuses
at 701s expect A 198.51.100.20
# Nor does it bring anyone back.
at 710s ec2 ok
at 711s ec2 unprobed
at 800s expect A 198.51.100.20
at 800s ec2 ok
at 801s expect A 203.0.113.10
