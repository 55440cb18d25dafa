import Memory
import Wire

/// The types whose data has a text of its own.
private let known = (UInt16.min...UInt16.max).map { RecordType($0) }.filter { RDataFormat($0).isKnown }

/// Reads what follows the first two octets, a type's number, as the text of such a record's data. What is
/// read is valid, and shown as a text that is read as the same octets, as is their generic form.
package func fuzzRData(_ octets: [UInt8]) {
  guard octets.count >= 2, let origin = try? DomainName("app.example.com") else { return }
  let number = UInt16(octets[0]) << 8 | UInt16(octets[1])
  let type = RDataFormat(RecordType(number)).isKnown ? RecordType(number) : known[Int(number) % known.count]
  let format = RDataFormat(type)
  var tokens = Tokenizer(octets.span.extracting(2..<octets.count))
  var data = OctetBuffer()
  do throws(SyntaxError) { try format.read(from: &tokens, origin: origin, to: &data) } catch {
    precondition(error.line >= 1 && error.column >= 1 && !error.message.isEmpty)
    return
  }
  let wire = Array(data.span)
  precondition(format.isValid(data.bytes))
  precondition((try? format.wire(text: format.text(data.bytes), origin: origin)) == wire)
  precondition((try? format.wire(text: RDataFormat.genericText(data.bytes), origin: origin)) == wire)
  var names = 0
  format.forEachName(in: data.bytes) { names += $0.count }
  var canonical = wire
  format.fold(&canonical)
  precondition(names <= wire.count && canonical.count == wire.count)
}
