import Memory
import Testing

@Test func someMemoryIsLeftAndNotWithoutEnd() {
  let octets = AvailableMemory.octets
  #expect(octets > 1 << 20 && octets < 1 << 50)
}
