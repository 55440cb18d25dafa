# Out of descriptors from the start: the first round ends by order, everybody counts as up.
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 0s  ec2 unprobed
at 0s  azure unprobed
at 699ms expect undecided
at 701ms expect A 203.0.113.10
at 9s  ec2 refuses
at 9500ms expect A 198.51.100.20
