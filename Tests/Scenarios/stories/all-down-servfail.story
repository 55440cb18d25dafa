# Everybody down, `all-down servfail`: what is answered, and that anybody who comes back ends it.
check interval 1s timeout 500ms rise 2 fall 3
endpoint a     192.0.2.1
endpoint b     192.0.2.2
endpoint spare 192.0.2.3
endpoint page  192.0.2.99 when up
pool a b | spare
all-down servfail

at 10s a refuses
at 10s b refuses
at 13s expect A 192.0.2.3
at 20s spare refuses
at 23s expect A servfail
at 30s b ok
at 32s expect A 192.0.2.2
at 40s b refuses
at 43s expect A servfail
