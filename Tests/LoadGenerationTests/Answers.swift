/// Messages built by hand.
enum Answers {
  static func name(_ text: String) -> [UInt8] {
    text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
  }

  static func question(_ name: String, _ type: UInt16) -> [UInt8] {
    self.name(name) + [UInt8(type >> 8), UInt8(type & 0xFF), 0, 1]
  }

  /// A record whose owner is the question's name, by a pointer.
  static func record(_ type: UInt16, _ data: [UInt8]) -> [UInt8] {
    [0xC0, 12, UInt8(type >> 8), UInt8(type & 0xFF), 0, 1, 0, 0, 0, 30, 0, UInt8(data.count)] + data
  }

  static func opt(extendedCode: UInt8 = 0, data: [UInt8] = []) -> [UInt8] {
    [0, 0, 41, 4, 208, extendedCode, 0, 0, 0, 0, UInt8(data.count)] + data
  }

  static func message(
    id: UInt16 = 0, flags: UInt8 = 0x84, code: UInt8 = 0, _ question: [UInt8], answers: [[UInt8]] = [],
    additional: [[UInt8]] = []
  ) -> [UInt8] {
    let counts: [UInt8] = [0, question.isEmpty ? 0 : 1, 0, UInt8(answers.count), 0, 0, 0, UInt8(additional.count)]
    let header = [UInt8(id >> 8), UInt8(id & 0xFF), flags, code]
    return header + counts + question + answers.flatMap { $0 } + additional.flatMap { $0 }
  }
}
