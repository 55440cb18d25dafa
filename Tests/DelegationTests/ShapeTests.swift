import Delegation
import JSONFormat
import Testing
import Wire

@Suite struct ShapeTests {
  @Test(arguments: [
    ("\\052.example.com.", "*.example.com."), ("a\\100b.example.com.", "a\\@b.example.com."), (".", "."),
    ("example.com", "example.com."), ("\\134.example.", "\\\\.example."),
  ])
  func octalEscapesAreRead(text: String, name: String) throws {
    #expect(try #require(Route53Name.read(text)).description == name)
  }

  @Test(arguments: ["", "..", "a..b", "\\05", "\\400.x", "\\"])
  func whatIsNoNameIsRefused(text: String) { #expect(text.isEmpty || Route53Name.read(text) == nil) }

  @Test(arguments: ["\\052.example.com.", "a\\100b.x\\056y.", "."])
  func namesAreWrittenAsTheyAreRead(text: String) throws {
    #expect(Route53Name.text(try #require(Route53Name.read(text))) == text)
  }

  @Test func errorsSayWhereTheyAre() {
    let text = #"{"ResourceRecordSets": [{"Name": "a.", "Type": "A", "TTL": "x", "ResourceRecords": []}]}"#
    #expect(throws: ShapeError("z.json: ResourceRecordSets[0].TTL", "a whole number was expected")) {
      try HostedZone(pages: [("z.json", Array(text.utf8))])
    }
    #expect(throws: ShapeError("z.json:1:3", "the JSON ends too early")) {
      try HostedZone(pages: [("z.json", Array("{ ".utf8))])
    }
  }

  @Test func aListThatGoesOnIsRefused() {
    let text = #"{"ResourceRecordSets": [], "IsTruncated": true, "NextRecordName": "b."}"#
    #expect(throws: ShapeError("z.json: IsTruncated", "the list goes on at b.: give all pages")) {
      try HostedZone(pages: [("z.json", Array(text.utf8))])
    }
  }

  @Test func prettyTextIsReadAsTheSame() {
    let value = JSON.object(["a": .array([.number("1"), .object(["b": .null])]), "c": .object([:]), "d": .array([])])
    #expect(JSON(Array(value.prettyText.utf8)) == value)
  }
}
