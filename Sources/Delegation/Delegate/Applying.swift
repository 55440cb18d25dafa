import JSONFormat
import Memory
import Sockets
import Wire

/// Sends batches to Route 53 and waits until all of its servers have them.
package struct Applying: Sendable {
  let aws: AWS
  let zoneID: String
  let say: @Sendable (String) -> Void

  package init(_ aws: AWS, zoneID: String, say: @escaping @Sendable (String) -> Void) {
    self.aws = aws
    self.zoneID = Source.plainID(zoneID)
    self.say = say
  }

  /// A change takes up to a minute as a rule; looks at it for ten.
  private static var looks: Int { 120 }
  private static var pause: UInt64 { 5_000_000_000 }

  /// - Throws: what the command line says; then nothing of the batch is applied.
  package func apply(_ batch: ChangeBatch) throws(Source.Failure) {
    let file = try TemporaryFile(batch.json.prettyText)
    defer { file.remove() }
    let shape = try send(file)
    var info = try status(shape)
    say("Route 53 has taken the change \(info.id): \(info.status)")
    for _ in 0..<Self.looks where info.status != "INSYNC" {
      aws.sleep(Self.pause)
      info = try look(at: info.id)
    }
    guard info.status == "INSYNC" else {
      throw Source.Failure(
        "the change \(info.id) is applied, but still \(info.status): `aws route53 get-change --id \(info.id)` tells more"
      )
    }
    say("all of Route 53's servers have it (INSYNC)")
  }

  private func send(_ file: TemporaryFile) throws(Source.Failure) -> Shape? {
    do throws(AWS.Failure) {
      return try aws.route53([
        "change-resource-record-sets", "--hosted-zone-id", zoneID, "--change-batch", "file://\(file.path)",
      ])
    } catch {
      let fate =
        error.isCutOff
        ? "; whether the change was applied is not known: look at the hosted zone before you go on"
        : "; nothing of the change is applied"
      throw Source.Failure("\(error)\(fate)")
    }
  }

  private func look(at id: String) throws(Source.Failure) -> (id: String, status: String) {
    do throws(Source.Failure) { return try status(try ask(["get-change", "--id", id])) } catch {
      throw Source.Failure("the change \(id) is applied, but not seen on all of Route 53's servers yet: \(error)")
    }
  }

  private func status(_ shape: Shape?) throws(Source.Failure) -> (id: String, status: String) {
    guard let shape else { throw Source.Failure("aws route53 printed nothing") }
    do throws(ShapeError) {
      let info = try shape.member("ChangeInfo")
      return (Source.plainID(try info.member("Id").string()), try info.member("Status").string())
    } catch { throw Source.Failure("\(error)") }
  }

  private func ask(_ words: [String]) throws(Source.Failure) -> Shape? {
    do throws(AWS.Failure) { return try aws.route53(words) } catch { throw Source.Failure("\(error)") }
  }
}

/// A file that nobody else can read, for the command line to read.
struct TemporaryFile {
  let path: String

  init(_ text: String) throws(Source.Failure) {
    path = "/tmp/alula-\(String(Entropy.number(), radix: 16)).json"
    do throws(FileError) { try FileOutput.create(text, at: path) } catch { throw Source.Failure("\(error)") }
  }

  func remove() { try? removeFile(path) }
}
