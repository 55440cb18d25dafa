# gdnsd: down and success count up to up_thresh; a failure in between begins anew, failures down do nothing.
check interval 1s timeout 500ms rise 3 fall 1
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 9500ms  ec2 refuses
at 10100ms expect A 198.51.100.20
at 15500ms ec2 ok
at 17500ms ec2 refuses
at 18500ms ec2 ok
at 21011ms expect A 203.0.113.10
at 21009ms expect A 198.51.100.20
at 60s     expect changes 2
