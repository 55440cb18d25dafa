# gdnsd, metafo: datacentres in order, the first that is not down; all down: the first's answer.
check interval 1s timeout 500ms rise 2 fall 3
endpoint us1 192.0.2.1
endpoint us2 192.0.2.2
endpoint eu1 198.51.100.1
endpoint eu2 198.51.100.2
pool failover(floor(2, all(us1, us2)), all(eu1, eu2))

at 1s  expect A 192.0.2.1 192.0.2.2
# One of two is below the floor of the first: the second takes over whole.
at 10s us1 refuses
at 13s expect A 198.51.100.1 198.51.100.2
at 20s eu2 refuses
at 23s expect A 198.51.100.1
# Nobody meets what is asked of it: the first with somebody opens.
at 30s eu1 refuses
at 33s expect A open 192.0.2.1 192.0.2.2
at 40s us2 refuses
at 43s expect A open 192.0.2.1 192.0.2.2
