// Foreign reads Slipway's audit log with code that other people wrote, and writes logs for Slipway to read.
//
//	foreign verify DIR LOG.vkey WITNESS.vkey...    checks an export, its receipts and its cosignatures
//	foreign make DIR COUNT                         writes a log, and its keys to DIR.vkey and DIR.witness.vkey
//
// golang.org/x/mod/sumdb judges signatures, tree and tiles; tessera's client reads the layout; transparency-dev's
// formats and merkle judge cosignatures and receipts. Ends with 1 and a line on stderr if anything is not right.
package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	f_note "github.com/transparency-dev/formats/note"
	f_proof "github.com/transparency-dev/formats/proof"
	m_proof "github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"
	"github.com/transparency-dev/tessera/client"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8

func main() {
	var err error
	switch {
	case len(os.Args) >= 4 && os.Args[1] == "verify":
		err = verify(os.Args[2], os.Args[3], os.Args[4:])
	case len(os.Args) == 4 && os.Args[1] == "make":
		err = makeLog(os.Args[2], os.Args[3])
	default:
		err = errors.New("usage: foreign verify DIR LOG.vkey WITNESS.vkey... | foreign make DIR COUNT")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "foreign:", err)
		os.Exit(1)
	}
}

// folder reads tiles under the names of c2sp.org/tlog-tiles for tlog, which has names of its own.
type folder string

func (f folder) Height() int { return tileHeight }

func (f folder) SaveTiles([]tlog.Tile, [][]byte) {}

func (f folder) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := os.ReadFile(filepath.Join(string(f), tilePath(tile)))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

// tilePath drops the height from tile/8/LEVEL/..., and calls data tiles entries.
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), "tile/8/")
	return "tile/" + strings.Replace(path, "data/", "entries/", 1)
}

func verify(dir, logKeyFile string, witnessKeyFiles []string) error {
	ctx := context.Background()
	logVerifier, err := readKey(logKeyFile, note.NewVerifier)
	if err != nil {
		return err
	}
	raw, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	opened, err := note.Open(raw, note.VerifierList(logVerifier))
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	for _, file := range witnessKeyFiles {
		witness, err := readKey(file, f_note.NewVerifierForCosignatureV1)
		if err != nil {
			return err
		}
		if _, err := note.Open(raw, note.VerifierList(witness)); err != nil {
			return fmt.Errorf("cosignature of %s: %w", witness.Name(), err)
		}
	}

	// The tree, by golang.org/x/mod: every hash is read through tiles that lead to the signed root.
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return err
	}
	hashes := tlog.TileHashReader(tlog.Tree{N: size, Hash: root}, folder(dir))
	if got, err := tlog.TreeHash(size, hashes); err != nil || got != root {
		return fmt.Errorf("tree of %d: %v, %v (signed: %v)", size, got, err, root)
	}

	// The entries, by tessera's client.
	fetcher := client.FileFetcher{Root: dir}
	if _, _, _, err := client.FetchCheckpoint(ctx, fetcher.ReadCheckpoint, logVerifier, lines[0]); err != nil {
		return fmt.Errorf("checkpoint, by tessera: %w", err)
	}
	for first := int64(0); first < size; first += 256 {
		bundle, err := client.GetEntryBundle(ctx, fetcher.ReadEntryBundle, uint64(first/256), uint64(size))
		if err != nil {
			return err
		}
		var indices []int64
		for i := range bundle.Entries {
			indices = append(indices, tlog.StoredHashIndex(0, first+int64(i)))
		}
		logged, err := hashes.ReadHashes(indices)
		if err != nil {
			return err
		}
		for i, entry := range bundle.Entries {
			if tlog.RecordHash(entry) != logged[i] {
				return fmt.Errorf("entry %d is not what was logged", first+int64(i))
			}
		}
	}

	// Proofs, by tessera's client from our tiles, and by tlog against the root.
	builder, err := client.NewProofBuilder(ctx, uint64(size), fetcher.ReadTile)
	if err != nil {
		return err
	}
	for _, index := range []int64{0, size / 3, size - 1} {
		path, err := builder.InclusionProof(ctx, uint64(index))
		if err != nil {
			return err
		}
		leaf, err := hashes.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
		if err != nil {
			return err
		}
		if err := m_proof.VerifyInclusion(rfc6962.DefaultHasher, uint64(index), uint64(size), leaf[0][:], path, root[:]); err != nil {
			return fmt.Errorf("proof of %d: %w", index, err)
		}
	}
	receipts, err := verifyReceipts(dir+".receipts", logVerifier)
	if err != nil {
		return err
	}
	fmt.Printf("foreign: %s, %d entries, %d receipts, %d witnesses\n", lines[0], size, receipts, len(witnessKeyFiles))
	return nil
}

// verifyReceipts checks INDEX.tlog-proof against INDEX.entry, of any size of the log.
func verifyReceipts(dir string, logVerifier note.Verifier) (int, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.tlog-proof"))
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		entry, err := os.ReadFile(strings.TrimSuffix(file, "tlog-proof") + "entry")
		if err != nil {
			return 0, err
		}
		var receipt f_proof.TLogProof
		if err := receipt.Unmarshal(raw); err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		if !bytes.Equal(receipt.Marshal(), raw) {
			return 0, fmt.Errorf("%s: written otherwise by transparency-dev/formats", file)
		}
		opened, err := note.Open(receipt.Checkpoint, note.VerifierList(logVerifier))
		if err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		lines := strings.Split(opened.Text, "\n")
		size, err := strconv.ParseInt(lines[1], 10, 64)
		if err != nil {
			return 0, err
		}
		root, err := tlog.ParseHash(lines[2])
		if err != nil {
			return 0, err
		}
		var path tlog.RecordProof
		for _, hash := range receipt.Hashes {
			path = append(path, tlog.Hash(hash))
		}
		if err := tlog.CheckRecord(path, size, root, int64(receipt.Index), tlog.RecordHash(entry)); err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
	}
	return len(files), nil
}

func readKey(file string, parse func(string) (note.Verifier, error)) (note.Verifier, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	key, err := parse(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return key, nil
}

// stored has all hashes of a tree in memory, in tlog's order.
type stored []tlog.Hash

func (s stored) ReadHashes(indices []int64) ([]tlog.Hash, error) {
	var hashes []tlog.Hash
	for _, index := range indices {
		hashes = append(hashes, s[index])
	}
	return hashes, nil
}

func makeLog(dir, countText string) error {
	count, err := strconv.ParseInt(countText, 10, 64)
	if err != nil {
		return err
	}
	const origin = "foreign.example/log"
	logSecret, logKey, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return err
	}
	witnessSecret, witnessKey, err := f_note.GenerateMLDSAKey("foreign.example/witness")
	if err != nil {
		return err
	}
	var hashes stored
	var entries [][]byte
	for i := int64(0); i < count; i++ {
		entry := fmt.Appendf(nil, "entry %d of a foreign log", i)
		further, err := tlog.StoredHashes(i, entry, hashes)
		if err != nil {
			return err
		}
		hashes = append(hashes, further...)
		entries = append(entries, entry)
	}
	root, err := tlog.TreeHash(count, hashes)
	if err != nil {
		return err
	}
	for _, tile := range tlog.NewTiles(tileHeight, 0, count) {
		data, err := tlog.ReadTileData(tile, hashes)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(dir, tilePath(tile)), data); err != nil {
			return err
		}
		if tile.L == 0 {
			var bundle []byte
			for _, entry := range entries[tile.N*256 : tile.N*256+int64(tile.W)] {
				bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
				bundle = append(bundle, entry...)
			}
			tile.L = -1
			if err := write(filepath.Join(dir, tilePath(tile)), bundle); err != nil {
				return err
			}
		}
	}
	logSigner, err := note.NewSigner(logSecret)
	if err != nil {
		return err
	}
	witnessSigner, err := f_note.NewSignerForCosignatureV1(witnessSecret)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", origin, count, root)
	checkpoint, err := note.Sign(&note.Note{Text: text}, logSigner, witnessSigner)
	if err != nil {
		return err
	}
	if err := write(filepath.Join(dir, "checkpoint"), checkpoint); err != nil {
		return err
	}
	if err := write(dir+".vkey", []byte(logKey+"\n")); err != nil {
		return err
	}
	return write(dir+".witness.vkey", []byte(witnessKey+"\n"))
}

func write(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}
