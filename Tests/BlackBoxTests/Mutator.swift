import TestSupport

/// Spoils good messages in seeded ways.
struct Mutator {
  var random: Random

  /// What is spoilt: everything that a client may send, and a few answers.
  static let good: [[UInt8]] = {
    let question = Message.question("a.example.com", type: 1)
    func query(_ name: String, _ type: UInt16, _ edns: [UInt8] = [], flags: UInt16 = 0x0100) -> [UInt8] {
      Message.header(flags: flags, additionals: edns.isEmpty ? 0 : 1) + Message.question(name, type: type) + edns
    }
    let cookie = Message.option(10, Array(1...8))
    let options = cookie + Message.option(3) + Message.option(8, [0, 1, 24, 0, 192, 0, 2]) + Message.option(65001, [9])
    let record: [UInt8] = [0xC0, 12, 0, 1, 0, 1, 0, 0, 1, 44, 0, 4, 192, 0, 2, 1]
    return [
      query("a.example.com", 1), query("alias.example.com", 28), query("big.example.com", 16),
      query("big.example.com", 16, Message.opt(size: 4096)),
      query("x.wild.example.com", 16, Message.opt(options: options)),
      query("a.b.cut.example.com", 1, Message.opt(flags: 0x8000)),
      query("no.example.com", 255, Message.opt(options: cookie)),
      query("example.com", 6, Message.opt(version: 1)), query("example.org", 1, Message.opt()),
      query("example.com", 252), query("example.com", 251), query("deep.ent.example.com", 48, tsig),
      Message.header(additionals: 2) + question + Message.opt(options: options) + tsig,
      Message.header(questions: 0, additionals: 1) + Message.opt(options: cookie),
      Message.header(additionals: 2) + question + Message.opt() + Message.opt(),
      Message.header(flags: 4 << 11) + Message.question("example.com"),
      Message.header(flags: 5 << 11, authorities: 1) + Message.question("example.com") + record,
      Message.header(answers: 1) + question + record,
      Message.header(flags: 0x8400, answers: 1) + question + record,
      Message.header() + Message.name("version.bind") + [0, 16, 0, 3],
    ]
  }()

  private static let tsig: [UInt8] = {
    let data: [UInt8] = Message.name("hmac-sha256") + [0, 0, 0, 0, 0, 0, 1, 44, 0, 0, 0, 0, 0, 0, 0, 0]
    return Message.name("key") + [0, 250, 0, 255, 0, 0, 0, 0, 0, UInt8(data.count)] + data
  }()

  mutating func next() -> [UInt8] {
    var message = random.pick(Self.good)
    for _ in 0..<random.below(4) { spoil(&message) }
    return message
  }

  private mutating func spoil(_ message: inout [UInt8]) {
    switch random.below(12) {
    case 0, 1: flip(&message, at: random.below(max(1, message.count)))
    case 2: if !message.isEmpty { message.removeLast(random.within(1...message.count)) }
    case 3: message += random.octets(random.within(1...40))
    case 4: splice(&message)
    case 5: remove(&message)
    case 6: duplicate(&message)
    case 7: set(&message, at: random.below(max(1, message.count)), random.pick([0, 0x3F, 0x40, 0x80, 0xC0, 0xFF]))
    // The counts of the header, and its flags.
    case 8: set(&message, at: random.within(4...11), UInt8(random.below(4)))
    case 9: flip(&message, at: random.within(2...3))
    // A pointer, to anywhere near.
    case 10:
      let at = random.within(12...max(12, message.count))
      set(&message, at: at, 0xC0)
      set(&message, at: at + 1, UInt8(random.below(64)))
    default: addRecord(&message)
    }
  }

  private mutating func flip(_ message: inout [UInt8], at: Int) {
    if at < message.count { message[at] ^= 1 << random.below(8) }
  }

  private func set(_ message: inout [UInt8], at: Int, _ octet: UInt8) { if at < message.count { message[at] = octet } }

  /// The beginning of one, the end of another.
  private mutating func splice(_ message: inout [UInt8]) {
    let other = random.pick(Self.good)
    message = Array(message.prefix(random.below(message.count + 1)) + other.suffix(random.below(other.count + 1)))
  }

  private mutating func remove(_ message: inout [UInt8]) {
    guard message.count > 13 else { return }
    let start = random.within(12...(message.count - 1))
    message.removeSubrange(start..<min(message.count, start + random.within(1...8)))
  }

  private mutating func duplicate(_ message: inout [UInt8]) {
    guard message.count > 13 else { return }
    let start = random.within(12...(message.count - 1))
    message.insert(contentsOf: message[start..<min(message.count, start + random.within(1...30))], at: start)
  }

  /// One more in the additional section, so that most of these are read to their end.
  private mutating func addRecord(_ message: inout [UInt8]) {
    guard message.count >= 12 else { return }
    let options = (0..<random.below(3)).flatMap { _ in
      Message.option(random.pick([3, 8, 9, 10, 11, 12, 15, 65001]), random.octets(random.below(30)))
    }
    let length = random.chance(percent: 10) ? UInt16(random.below(600)) : nil
    message += random.pick([
      Message.opt(size: UInt16(random.below(65536)), flags: 0x8000, options: options, length: length),
      Message.opt(owner: [1, 97, 0], options: options), Self.tsig,
      [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 1, 2, 3, 4],
    ])
    message[11] &+= 1
  }
}
