# After the first failure the probe hurries: an interval of 10 s, then every 500 ms.
check interval 10s fast-interval 500ms timeout 400ms rise 3 fall 3
endpoint ec2   203.0.113.10
endpoint azure 198.51.100.20
pool ec2 | azure

at 5s      ec2 refuses
at 10999ms expect A 203.0.113.10
at 11002ms expect A 198.51.100.20
# Down, it is probed at leisure until the first success.
at 12s     ec2 ok
at 20900ms expect A 198.51.100.20
at 21011ms expect A 203.0.113.10
