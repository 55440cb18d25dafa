import Testing
import Wire

@Suite struct IPAddressTests {
  @Test(
    arguments: [
      ("0.0.0.0", nil), ("255.255.255.255", nil), ("192.0.2.1", nil), ("::", nil), ("::1", nil), ("1::", nil),
      ("2001:db8::1", nil), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("1:2:3:4:5:6:7:8", nil),
      ("1:0:3:4:5:6:7:8", nil), ("0:2:3:4:5:6:7::", "0:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
      ("::ffff:192.0.2.1", nil), ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
      ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
      ("::1.2.3.4", "::102:304"), ("0001::000a", "1::a"),
    ] as [(String, String?)])
  func readsAndPrints(text: String, printed: String?) throws {
    let address = try #require(IPAddress(text))
    #expect(address.description == printed ?? text)
    #expect(IPAddress(octets: address.octets) == address)
    #expect(IPAddress(address.description) == address)
  }

  @Test(arguments: [
    "", ".", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".1.2.3", "1..2.3", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1.2.3.a",
    "+1.2.3.4",
    ":", ":::", "1", "1:", ":1", "1:2", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
    "::1:2:3:4:5:6:7:8", "1::2::3", "1:::2", "g::", "12345::", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::",
    "::1%eth0",
    "::1.2.3.4:1", "[::1]",
  ])
  func refuses(text: String) {
    #expect(IPAddress(text) == nil)
  }
}
