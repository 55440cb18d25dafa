# A reload between the second and the third failure: the count goes on, nothing starts anew.
check interval 1s timeout 500ms rise 2 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 10s    ec2 refuses
at 11500ms reload
at 11500ms expect decided
at 11500ms expect A 203.0.113.10
at 12001ms expect A 198.51.100.20
at 20s    reload
at 20s    expect A 198.51.100.20
