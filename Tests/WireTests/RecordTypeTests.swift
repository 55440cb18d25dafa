import Testing
import Wire

@Suite struct RecordTypeTests {
  @Test func everyTypeIsReadBack() {
    for number in UInt16.min...UInt16.max {
      let type = RecordType(number)
      #expect(RecordType(text: type.description) == type)
      #expect(RecordType(text: "type\(number)") == type)
    }
  }

  @Test(
    arguments: [
      ("a", 1), ("Aaaa", 28), ("nsap-ptr", 23), ("NSEC3PARAM", 51), ("TYPE65280", 65280), ("type1", 1), ("TA", 32768),
      ("DLV", 32769), ("HTTPS", 65), ("ANY", 255),
    ] as [(String, UInt16)])
  func reads(text: String, number: UInt16) {
    #expect(RecordType(text: text) == RecordType(number))
  }

  @Test(arguments: ["", "X", "TYPE", "TYPE65536", "TYPE-1", "TYPE1x", "A ", "NSEC3PARAMS", "TYPE0000000001", "Ä"])
  func refuses(text: String) {
    #expect(RecordType(text: text) == nil)
  }

  @Test func names() {
    #expect(RecordType(99).description == "SPF")
    #expect(RecordType(300).description == "TYPE300")
    #expect(RecordType(32770).description == "TYPE32770")
    #expect(RecordType.opt.isMeta && RecordType.any.isMeta && !RecordType.a.isMeta)
  }
}
