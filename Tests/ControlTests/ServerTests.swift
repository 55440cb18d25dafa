import Control
import Failover
import Glibc
import JSONFormat
import Synchronization
import TestSupport
import Testing

@Suite struct ServerTests {
  @Test(arguments: [
    (Fitness.good, 200, "ok\n"), (.degraded("the disk is full"), 200, "degraded: the disk is full\n"),
    (.unfit("stopping"), 503, "stopping\n"),
  ])
  func health(fitness: Fitness, status: Int, text: String) throws {
    let world = try World()
    world.fake.state.withLock { $0.fitness = fitness }
    let reply = try world.get("/health")
    #expect(reply.status == status && reply.text == text)
    #expect(try world.get("/health", over: world.socket).text == text)
  }

  @Test func socketIsForOwnerAndGroup() throws {
    let world = try World()
    var status = stat()
    #expect(unsafe stat(world.folder.path("control.sock"), &status) == 0)
    #expect(status.st_mode & 0o777 == 0o660)
  }

  @Test func routes() throws {
    let world = try World()
    #expect(try world.get("/nothing").status == 404)
    #expect(try world.get("/api/v1/pools/x").status == 404)
    #expect(try world.get("/api/v1/events?limit=2").text.contains("event 3"))
    #expect(try !world.get("/api/v1/events?limit=2").text.contains("event 2"))
    for limit in ["0", "1001", "x", "-1"] { #expect(try world.get("/api/v1/events?limit=\(limit)").status == 400) }
    #expect(JSON(try world.get("/api/v1/status").body)?["pools"] == .array([]))
    #expect(try world.get("/").text.contains("/metrics"))
  }

  /// However many ask, the brain is asked once in a while; and after an order anew.
  @Test func brainIsAskedRarely() throws {
    let world = try World()
    for _ in 0..<20 { #expect(try world.get("/api/v1/status").status == 200) }
    #expect(world.fake.state.withLock { $0.questions } < 20)
    let before = world.fake.state.withLock { $0.questions }
    #expect(try world.post("/api/v1/confirm", "{}").status == 200)
    #expect(try world.get("/api/v1/status").status == 200)
    #expect(world.fake.state.withLock { $0.questions } == before + 1)
  }

  @Test func stalledBrainIsA503AndNoHang() throws {
    let world = try World()
    world.fake.state.withLock { $0.isStalled = true }
    let reply = try world.get("/api/v1/status")
    #expect(reply.status == 503)
    #expect(try world.get("/health").status == 200)
  }

  // MARK: - Who may

  @Test(arguments: [
    ("localhost", "200"), ("localhost:8053", "200"), ("127.0.0.1", "200"), ("127.0.0.1:1", "200"),
    ("[::1]:8053", "200"),
    ("[::1]", "200"), ("LOCALHOST.", "200"), ("ns1.example.com", "200"), ("NS1.example.com:8053", "200"),
    ("evil.example", "403"), ("localhost.evil.example", "403"), ("localhost:x", "403"), ("", "403"),
    ("127.0.0.1.evil", "403"),
    ("ns1.example.com\r\nHost: localhost", "400"), ("localhost\r\nOrigin: null", "403"),
  ])
  func host(name: String, status: String) throws {
    let world = try World(hosts: ["ns1.example.com"])
    #expect(try world.send("GET /health HTTP/1.1\r\nHost: \(name)\r\n\r\n") == status)
  }

  @Test func ordersNeedTheToken() throws {
    let world = try World()
    for token in [nil, "", "0123456789abcdeF", "0123456789abcde", World.token + "x"] {
      #expect(try world.post("/api/v1/confirm", "{}", token: token).status == 401)
    }
    #expect(world.fake.state.withLock { $0.orders.isEmpty })
    #expect(try world.post("/api/v1/confirm", "{}").status == 200)
    #expect(try world.post("/api/v1/confirm", "{}", token: nil, over: world.socket).status == 200)
    #expect(try World(token: nil).post("/api/v1/confirm", "{}", token: "").status == 403)
  }

  // MARK: - Orders

  @Test func ordersAreRead() throws {
    let world = try World()
    let body = #"{"pattern":"ec2","state":"drained","reason":"disk","by":"ann","expires_in_seconds":60}"#
    let reply = try world.post("/api/v1/overrides", body)
    #expect(reply.status == 200)
    #expect(JSON(reply.body)?["subjects"] == .array([.string("ec2@app.example.com")]))
    #expect(try world.post("/api/v1/overrides/release", #"{"pattern":"ec*","by":"bob"}"#).status == 200)
    #expect(try world.post("/api/v1/failback", #"{"pattern":"app.example.com","by":"bob"}"#).status == 200)
    let orders = world.fake.state.withLock { $0.orders }
    guard case .override(let override) = try #require(orders.first) else { return #expect(Bool(false)) }
    #expect(override.pattern == "ec2" && override.state == .down && override.isDrain && override.by == "ann")
    #expect(override.expires == override.since + 60_000_000_000)
    #expect(
      orders.dropFirst() == [
        .release(pattern: "ec*", by: "bob", reason: ""), .failback(pattern: "app.example.com", by: "bob"),
      ])
  }

  @Test(arguments: [
    "", "[]", "{", #"{"state":"up"}"#, #"{"pattern":"","state":"up"}"#, #"{"pattern":"a","state":"sideways"}"#,
    #"{"pattern":1,"state":"up"}"#, #"{"pattern":"a","state":"up","expires_in_seconds":0}"#,
    #"{"pattern":"a","state":"up","expires_in_seconds":1.5}"#,
    #"{"pattern":"a","state":"up","expires_in_seconds":1e99}"#,
    #"{"pattern":"a","state":"up","colour":"red"}"#,
  ])
  func badOrders(body: String) throws {
    let world = try World()
    #expect(try world.post("/api/v1/overrides", body).status == 400)
    #expect(world.fake.state.withLock { $0.orders.isEmpty })
  }

  @Test func orderThatConcernsNothingFails() throws {
    let world = try World()
    world.fake.state.withLock { $0.subjects = [] }
    #expect(try world.post("/api/v1/confirm", "{}").status == 404)
  }

  @Test func reloadSaysHowItWent() throws {
    let world = try World()
    #expect(try world.post("/api/v1/reload", "").text.contains("pool a is new"))
    world.fake.state.withLock { $0.reload = ReloadReport(isAdopted: false, changes: [], problems: ["a.yaml:1:2: no"]) }
    let reply = try world.post("/api/v1/reload", "")
    #expect(reply.status == 409 && reply.text.contains("serve on") && reply.text.contains("a.yaml:1:2: no"))
  }
}
