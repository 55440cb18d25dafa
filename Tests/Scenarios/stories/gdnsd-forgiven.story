# gdnsd: ok_thresh successes in a row forgive all failures, and none is left over.
check interval 1s timeout 500ms rise 2 fall 3 forgiven-after 4
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 9500ms  ec2 refuses
at 11500ms ec2 ok
# Four successes, at 12 to 15 s: forgiven. Two failures more are only two.
at 15500ms ec2 refuses
at 17500ms ec2 ok
at 19500ms expect A 203.0.113.10
# Not yet forgiven: one failure more.
at 19600ms ec2 refuses
at 20100ms expect A 198.51.100.20
