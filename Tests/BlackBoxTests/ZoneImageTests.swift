import Glibc
import TestSupport
import Testing

extension BlackBox {
  /// What a restart takes from the state folder, and what it does not.
  @Suite struct ZoneImageTests {
    private let first: Alula
    private var folder: Folder { first.folder }
    private var image: String { folder.path("state/zones/app.example.com.image") }

    /// A zone that is large enough for an image, with a warning.
    private static func zone(_ text: String) -> String {
      "$TTL 300\n@ SOA ns h 1 2 3 4 60\n@ NS ns\n@ MX 10 nobody\nns A 192.0.2.53\nt TXT \(text)\n"
        + (0..<5000).map { "host\($0) A 192.0.2.\($0 % 250)\n" }.joined()
    }

    init() throws {
      first = try Alula("zones:\n  app.example.com: { file: z }\n", files: ["z": Self.zone("one")])
      try first.waitUntilReady()
      try #require(becomesTrue { first.log.contains("image written") }, "\(first.log)")
      first.child.signal(SIGTERM)
      try #require(first.child.wait() == .exited(0))
    }

    private func restart() throws -> Child {
      try Child([alulaProgram, "serve", "--config", folder.path("alula.yaml")], in: folder, output: "again")
    }

    private func answers(_ text: String) throws -> Bool {
      try becomesTrue { try dig(first.ipv4, "t.app.example.com", "TXT", ["+time=1"]).data("TXT") == ["\"\(text)\""] }
    }

    @Test func anUnchangedZoneComesFromItsImage() throws {
      let again = try restart()
      #expect(try answers("one"), "\(again.output)")
      #expect(becomesTrue { again.output.contains("taken from its image") }, "\(again.output)")
      // What there was to say of the zone is said again.
      #expect(again.output.contains("nobody.app.example.com does not exist"), "\(again.output)")
      #expect(try dig(first.ipv4, "host4999.app.example.com", "A").data("A") == ["192.0.2.249"])
      #expect(try dig(first.ipv4, "nothing.app.example.com", "A").status == "NXDOMAIN")
      try folder.write("z", Self.zone("two"))
      again.signal(SIGHUP)
      #expect(try answers("two"), "\(again.output)")
    }

    @Test func aChangedZoneIsReadAnew() throws {
      try folder.write("z", Self.zone("two"))
      let again = try restart()
      #expect(try answers("two"), "\(again.output)")
      #expect(again.output.contains("has changed"), "\(again.output)")
      #expect(becomesTrue { again.output.contains("image written") }, "\(again.output)")
    }

    /// Size, time and inode are the same, the content is not: found afterwards.
    @Test func aChangeThatHidesIsFound() throws {
      let script = "touch -r z ref && sed 's/TXT one/TXT two/' z > new && cat new > z && touch -r ref z"
      #expect(try run(["sh", "-c", "cd \(folder.path) && \(script)"]).status == .exited(0))
      let again = try restart()
      #expect(try answers("two"), "\(again.output)")
      #expect(again.output.contains("reading it anew"), "\(again.output)")
    }

    @Test(arguments: [0, 8, 16, 4096, 9000, 60_000])
    func aDamagedImageIsMadeAnew(offset: Int) throws {
      let script = "printf '\\377\\377\\377\\377' | dd of=\(image) bs=1 seek=\(offset) conv=notrunc"
      #expect(try run(["sh", "-c", script]).status == .exited(0))
      let again = try restart()
      #expect(try answers("one"), "\(again.output)")
      #expect(again.output.contains("is made anew: "), "\(again.output)")
      #expect(becomesTrue { again.output.contains("image written") }, "\(again.output)")
      again.signal(SIGTERM)
      #expect(again.wait() == .exited(0))
      let last = try restart()
      #expect(becomesTrue { last.output.contains("taken from its image") }, "\(last.output)")
    }

    @Test func aReloadThatChangesNothingReadsNothing() throws {
      let again = try restart()
      #expect(try answers("one"), "\(again.output)")
      again.signal(SIGHUP)
      #expect(becomesTrue { again.output.contains("notice reloaded") }, "\(again.output)")
      #expect(!again.output.contains("image written"), "\(again.output)")
    }

    /// Images of zones that are not configured go, at the start and with a reload; files that are not ours stay.
    @Test func imagesOfOtherZonesAreRemoved() throws {
      let state = folder.path("state/zones")
      let script = """
        cd \(state) && cp app.example.com.image gone.example.image && cp gone.example.image x0123456789abcdef.image
        printf x > notes.txt; cp gone.example.image Copy.image; printf mine > other.example.image
        cp gone.example.image x0123.image.kept; printf '' > torn.example.image.new; mkdir folder.image
        """
      #expect(try run(["sh", "-c", script]).status == .exited(0))
      let again = try restart()
      #expect(becomesTrue { again.output.contains("torn.example.image.new removed") }, "\(again.output)")
      let left = ["Copy.image", "app.example.com.image", "folder.image", "notes.txt", "other.example.image"]
      let rest = left + ["x0123.image.kept"]
      #expect((try names(in: state)) == rest)
      for name in ["gone.example", "x0123456789abcdef"] {
        #expect(again.output.contains("\(name).image removed: the image of a zone"), "\(again.output)")
      }
      #expect(try answers("one"), "\(again.output)")
      try folder.write(
        "alula.yaml", try readFile(folder.path("alula.yaml")).replacing("app.example.com:", with: "b.example:"))
      again.signal(SIGHUP)
      #expect(becomesTrue { again.output.contains("app.example.com.image removed") }, "\(again.output)")
      #expect(try becomesTrue { try names(in: state).contains("b.example.image") }, "\(again.output)")
    }

    private func names(in path: String) throws -> [String] {
      try run(["sh", "-c", "ls -1 \(path) | LC_ALL=C sort"]).output.split(separator: "\n").map(String.init)
    }

    /// No room for the image is no reason not to serve.
    @Test func anImageThatCannotBeWrittenIsSaid() throws {
      #expect(
        try run(["sh", "-c", "rm -r \(folder.path)/state/zones && touch \(folder.path)/state/zones"]).status
          == .exited(0))
      let again = try restart()
      #expect(try answers("one"), "\(again.output)")
      #expect(becomesTrue { again.output.contains("cannot keep its image") }, "\(again.output)")
    }
  }
}
