# gdnsd: failures need not be adjacent; only an unbroken run of ok_thresh successes forgives them.
check interval 1s timeout 500ms rise 2 fall 3 forgiven-after 4
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

# One failure, three successes, one failure: still counted, two now.
at 9500ms  ec2 refuses
at 10500ms ec2 ok
at 13500ms ec2 refuses
at 14500ms ec2 ok
# Three more successes do not forgive either; the third failure takes it out.
at 17500ms ec2 refuses
at 17900ms expect A 203.0.113.10
at 18100ms expect A 198.51.100.20
