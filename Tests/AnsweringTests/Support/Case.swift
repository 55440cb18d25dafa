import Testing

/// A question and the whole of its answer.
struct Case: Sendable, CustomTestStringConvertible {
  let question: String
  let status: String
  let answer: [String]
  let authority: [String]
  let additional: [String]

  init(
    _ question: String, _ status: String = "NOERROR aa", _ answer: [String] = [], authority: [String] = [],
    additional: [String] = []
  ) {
    self.question = question
    self.status = status
    self.answer = answer
    self.authority = authority
    self.additional = additional
  }

  var testDescription: String { question }

  /// Asks over TCP, so that everything fits; the order within a section does not matter.
  func check(_ world: World, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let reply = try world.ask(question)
    #expect(reply.status == status, sourceLocation: sourceLocation)
    #expect(reply.answer.map(\.description).sorted() == answer.sorted(), sourceLocation: sourceLocation)
    #expect(reply.authority.map(\.description).sorted() == authority.sorted(), sourceLocation: sourceLocation)
    #expect(reply.additional.map(\.description).sorted() == additional.sorted(), sourceLocation: sourceLocation)
  }
}

/// The zone's SOA as `apex` has it in most tests, and as a negative answer has it.
let apexRecords = """
  @ SOA ns h 1 2 3 4 60
  @ NS ns
  ns A 192.0.2.53

  """
let soa = "example. 300 SOA ns.example. h.example. 1 2 3 4 60"
let negative = ["example. 60 SOA ns.example. h.example. 1 2 3 4 60"]
