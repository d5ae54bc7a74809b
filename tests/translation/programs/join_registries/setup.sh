# Two registries: $WORLD/registry.git with stations and $WORLD/people.git with who keeps them. work/ is empty.
publish() {
    git -C "$WORLD/make" add --all
    git -C "$WORLD/make" commit --quiet -m "Publish"
    git clone --quiet --bare "$WORLD/make" "$WORLD/$1"
    rm -rf "$WORLD/make"
}
git init --quiet --initial-branch=main "$WORLD/make"
mkdir "$WORLD/make/meta"
printf '{"oslo": "Norway", "rome": "Italy"}\n' > "$WORLD/make/meta/countries.json"
publish registry.git
git init --quiet --initial-branch=main "$WORLD/make"
printf 'station,name\noslo,Kari\n' > "$WORLD/make/keepers.csv"
publish people.git
