import TestSupport

/// A web server in a process of its own that plays what a story says of it. It listens for its states over UDP on the
/// port where it is a website over TCP.
final class ActedSite: Sendable {
  let endpoint: Endpoint
  private let child: Child
  private let line: Datagrams

  private static let program = """
    select, socket, sys, threading, time = map(__import__, ["select", "socket", "sys", "threading", "time"])
    address, port = sys.argv[1], int(sys.argv[2])
    state, listener = ["ok"], [None]
    orders = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    orders.bind((address, port))
    def listen(wanted):
        if wanted and listener[0] is None:
            made = socket.socket()
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.bind((address, port))
            made.listen(128)
            listener[0] = made
        elif not wanted and listener[0] is not None:
            listener[0].close()
            listener[0] = None
    def serve(connection):
        with connection:
            words = state[0].split()
            try:
                connection.settimeout(3)
                if not connection.recv(4096):
                    return
                if words[0] == "accepts":
                    connection.recv(1)
                elif words[0] == "resets":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\\\\1\\\\0\\\\0\\\\0\\\\0\\\\0\\\\0\\\\0")
                else:
                    if words[0] == "slow":
                        time.sleep(int(words[1].removesuffix("ms")) / 1000)
                    code = words[1] if words[0] == "status" else "200"
                    head = "HTTP/1.1 %s x\\\\r\\\\nContent-Length: 3\\\\r\\\\nConnection: close\\\\r\\\\n\\\\r\\\\nok\\\\n"
                    connection.sendall((head % code).encode())
            except OSError:
                pass
    listen(True)
    while True:
        ready = [orders] + ([listener[0]] if listener[0] else [])
        for one in select.select(ready, [], [])[0]:
            if one is orders:
                text, sender = orders.recvfrom(256)
                state[0] = text.decode()
                listen(state[0] != "refuses")
                orders.sendto(b"done", sender)
            elif one is listener[0]:
                threading.Thread(target=serve, args=(one.accept()[0],), daemon=True).start()
    """

  init(at endpoint: Endpoint) throws {
    self.endpoint = endpoint
    let folder = try Folder()
    try folder.write("site.py", Self.program.replacing("\\\\", with: "\\"))
    child = try Child(["python3", folder.path("site.py"), endpoint.address, "\(endpoint.port)"], in: folder)
    guard becomesTrue({ endpoint.accepts }) else { throw Trouble("no site at \(endpoint):\n\(child.output)") }
    line = try Datagrams(to: endpoint)
  }

  /// Returns when it is so.
  func become(_ state: String) throws {
    line.send(Array(state.utf8))
    guard line.receive() != nil else { throw Trouble("the site does not listen to `\(state)`:\n\(child.output)") }
  }
}
