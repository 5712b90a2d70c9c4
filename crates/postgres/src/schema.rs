// @generated automatically by Diesel CLI.

diesel::table! {
    /// What was done to what a user owns. Never changed, and gone only with the user.
    activities (user_id, id) {
        /// Whose log this is.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// When it was done.
        at -> Timestamptz,
        /// What was done, such as character.created.
        action -> Text,
        /// What kind of thing it was done to, if to any.
        subject_kind -> Nullable<Text>,
        /// The id of that thing.
        subject_id -> Nullable<Text>,
        /// More to tell: a JSON object.
        details -> Nullable<Jsonb>,
        /// Who did it: api_key, end_user or system.
        actor_kind -> Text,
        /// The id of the key or the user who did it.
        actor_id -> Nullable<Uuid>,
        /// The IP address it was asked from.
        address -> Nullable<Text>,
        /// The program it was asked with, as it calls itself.
        agent -> Nullable<Text>,
        /// The id of the call in the server's own log.
        request_id -> Nullable<Text>,
    }
}

diesel::table! {
    /// What the product's other services call with. Keys that are over stay, for the record.
    api_keys (id) {
        id -> Uuid,
        name -> Text,
        scopes -> Array<Nullable<Text>>,
        hash -> Bytea,
        created_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// The files of users: what they are and where their bytes are.
    assets (user_id, id) {
        /// Whose file it is.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// What people call it.
        name -> Text,
        /// What it is to people, by its content type.
        kind -> Text,
        /// Who keeps the bytes: atelier, or another.
        provider -> Text,
        /// pending: announced, to be uploaded; stored: there and checked; external: with another.
        state -> Text,
        /// Where our store keeps the bytes. Never an address.
        key -> Nullable<Text>,
        /// Where another provider keeps the bytes.
        url -> Nullable<Text>,
        /// What another provider calls the place.
        path -> Nullable<Text>,
        /// The type, checked for ours, as told for others.
        content_type -> Nullable<Text>,
        /// The length, checked for ours, as told for others.
        bytes -> Nullable<Int8>,
        /// SHA-256 of our bytes, announced and then checked.
        sha256 -> Nullable<Bytea>,
        /// Pixels across, read from the bytes.
        width -> Nullable<Int4>,
        /// Pixels down, read from the bytes.
        height -> Nullable<Int4>,
        /// How long it lasts, read from the bytes.
        duration_ms -> Nullable<Int8>,
        /// Whatever the product keeps with it.
        metadata -> Nullable<Jsonb>,
        /// When the upload must be finalized.
        upload_until -> Nullable<Timestamptz>,
        /// When the bytes were checked.
        stored_at -> Nullable<Timestamptz>,
        /// When it was deleted. The bytes stay until it is purged.
        deleted_at -> Nullable<Timestamptz>,
        /// Grows by one with each change; callers see it as an etag.
        revision -> Int8,
        /// When it was announced or made.
        created_at -> Timestamptz,
        /// When it was last changed.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Characters that users create.
    characters (user_id, id) {
        /// The owner.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// What the character is called.
        name -> Nullable<Text>,
        /// What the user wrote.
        description -> Nullable<Text>,
        /// What the model is told, made of the description as a rule.
        prompt -> Text,
        /// How the character is drawn.
        style -> Text,
        /// How far its pictures are.
        status -> Text,
        /// The picture.
        image_asset_id -> Nullable<Uuid>,
        /// The picture in small, for galleries.
        thumbnail_asset_id -> Nullable<Uuid>,
        /// A picture that it was to look like.
        reference_asset_id -> Nullable<Uuid>,
        /// Labels to find it by, in lower case.
        tags -> Array<Nullable<Text>>,
        /// What the product keeps with it.
        metadata -> Nullable<Jsonb>,
        /// An attribute, in words.
        age -> Nullable<Text>,
        /// An attribute, in words.
        gender -> Nullable<Text>,
        /// An attribute, in words.
        occupation -> Nullable<Text>,
        /// Traits, in lower case.
        personality -> Array<Nullable<Text>>,
        /// Height, build, hair, eyes and the like.
        physical_traits -> Nullable<Jsonb>,
        /// What it wears.
        clothing -> Nullable<Text>,
        /// Its backstory.
        background -> Nullable<Text>,
        /// May be shown to others, if the owner shows at all.
        is_public -> Bool,
        /// One of the owner's favourites.
        is_favourite -> Bool,
        /// In the owner's library.
        in_library -> Bool,
        /// Featured by the owner among the public ones.
        is_showcased -> Bool,
        /// Grows by one with each change; seen as an etag.
        revision -> Int8,
        /// When it was created.
        created_at -> Timestamptz,
        /// When it was last changed.
        updated_at -> Timestamptz,
        /// Since when it is deleted; it can be restored.
        deleted_at -> Nullable<Timestamptz>,
        /// Whether the owner's status and preferences let public characters be shown. It changes in one unit of work with these, so that the gallery is one range of an index.
        owner_shows -> Bool,
        /// Whether it is in the public gallery.
        is_listed -> Bool,
    }
}

diesel::table! {
    /// Which characters a collection has, each once.
    collection_entries (user_id, collection_id, character_id) {
        /// The owner.
        user_id -> Uuid,
        /// The collection.
        collection_id -> Uuid,
        /// The character.
        character_id -> Uuid,
        /// Orders the entries; it stays while others come.
        place -> Int8,
        /// When the character was added.
        added_at -> Timestamptz,
    }
}

diesel::table! {
    /// Named sets of characters.
    collections (user_id, id) {
        /// The owner.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// What it is called.
        name -> Text,
        /// What it is about.
        description -> Nullable<Text>,
        /// Whether the owner calls it public.
        is_public -> Bool,
        /// The picture on its cover.
        cover_asset_id -> Nullable<Uuid>,
        /// Grows by one with each change; seen as an etag.
        revision -> Int8,
        /// When it was created.
        created_at -> Timestamptz,
        /// When it was last changed.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// The turns of conversations, which never change.
    conversation_turns (user_id, conversation_id, number) {
        /// The owner.
        user_id -> Uuid,
        /// The conversation.
        conversation_id -> Uuid,
        /// 1, 2, 3, … without gaps.
        number -> Int4,
        /// What the turn is about.
        kind -> Text,
        /// What the user said.
        input -> Text,
        /// What came back.
        response -> Text,
        /// More about the turn: a JSON object.
        metadata -> Nullable<Jsonb>,
        /// When the turn was taken.
        created_at -> Timestamptz,
    }
}

diesel::table! {
    /// What a user said and what came back, turn by turn.
    conversations (user_id, id) {
        /// The owner.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// The project it is in, if in any.
        project_id -> Nullable<Uuid>,
        /// What it is called, if it has a name.
        title -> Nullable<Text>,
        /// How many turns it has: the number of the last.
        turns -> Int4,
        /// Grows by one with each change; callers see it as an etag.
        revision -> Int8,
        /// When it was begun.
        created_at -> Timestamptz,
        /// When it was last changed.
        updated_at -> Timestamptz,
        /// When it was deleted, if it is. It can be restored.
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// The registry of features: what a product's workspaces consist of.
    features (user_id, id) {
        /// The owner.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// The product's own id or name of the workspace.
        workspace -> Text,
        /// What it is called.
        name -> Text,
        /// The name in lower case: unique in its workspace.
        name_key -> Text,
        /// What it is.
        description -> Nullable<Text>,
        /// Tags, sorted, none twice.
        tags -> Array<Nullable<Text>>,
        /// Grows by one with each change; callers see it as an etag.
        revision -> Int8,
        /// When it was created.
        created_at -> Timestamptz,
        /// When it was last changed.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// The account of each user: the sum of its entries.
    ledger_accounts (user_id) {
        user_id -> Uuid,
        available -> Numeric,
        held -> Numeric,
        version -> Int8,
        earned -> Numeric,
        spent -> Numeric,
        forfeited -> Numeric,
        head_hash -> Bytea,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    ledger_entries (user_id, version, at) {
        user_id -> Uuid,
        version -> Int8,
        at -> Timestamptz,
        transaction_id -> Uuid,
        kind -> Text,
        available_change -> Numeric,
        held_change -> Numeric,
        available_after -> Numeric,
        held_after -> Numeric,
        hash -> Bytea,
        xact -> Int8,
        number -> Int8,
    }
}

diesel::table! {
    ledger_lots (user_id, id) {
        user_id -> Uuid,
        id -> Uuid,
        source -> Text,
        amount -> Numeric,
        remaining -> Numeric,
        priority -> Int4,
        effective_at -> Timestamptz,
        expires_at -> Nullable<Timestamptz>,
        opened_at -> Timestamptz,
        state -> Text,
        live -> Bool,
        due_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    ledger_requests (user_id, request_id) {
        user_id -> Uuid,
        request_id -> Text,
        digest -> Bytea,
        transaction_id -> Uuid,
        status -> Text,
        lease_until -> Nullable<Timestamptz>,
        available -> Numeric,
        held -> Numeric,
        version -> Int8,
        created_at -> Timestamptz,
    }
}

diesel::table! {
    ledger_transactions (user_id, id) {
        user_id -> Uuid,
        id -> Uuid,
        kind -> Text,
        status -> Text,
        amount -> Numeric,
        balance_after -> Numeric,
        operation_type -> Nullable<Text>,
        model -> Nullable<Text>,
        operation_id -> Nullable<Text>,
        edit_price -> Bool,
        project_id -> Nullable<Uuid>,
        reference -> Nullable<Text>,
        description -> Nullable<Text>,
        metadata -> Nullable<Jsonb>,
        parent_id -> Nullable<Uuid>,
        hold_amount -> Nullable<Numeric>,
        hold_end -> Nullable<Text>,
        over_capture -> Nullable<Text>,
        late_capture -> Nullable<Text>,
        lease_until -> Nullable<Timestamptz>,
        captured -> Numeric,
        refunded -> Numeric,
        allocations -> Jsonb,
        created_at -> Timestamptz,
        processed_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// What generation made, or failed to make: what all kinds share.
    outputs (user_id, id) {
        /// The owner.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// What it is, and which table has its body.
        kind -> Text,
        /// The project it is in, if in any.
        project_id -> Nullable<Uuid>,
        /// The job that made it, if one did.
        job_id -> Nullable<Uuid>,
        /// The transaction that paid for it, if any did. What that came to is read from the ledger.
        transaction_id -> Nullable<Uuid>,
        /// The caller's own id of the run.
        run -> Nullable<Text>,
        /// What was asked.
        prompt -> Text,
        /// In which style.
        art_style -> Nullable<Text>,
        /// Which model made it.
        model -> Nullable<Text>,
        /// Whether it was made.
        success -> Bool,
        /// What the maker said of it: an error, or a note.
        message -> Nullable<Text>,
        /// With which parameters it was made: a JSON object.
        parameters -> Nullable<Jsonb>,
        /// When making it began.
        started_at -> Nullable<Timestamptz>,
        /// When making it ended, well or not.
        completed_at -> Nullable<Timestamptz>,
        /// Whether it is the segmentation that its project goes by.
        selected -> Bool,
        /// Grows by one with each change; callers see it as an etag.
        revision -> Int8,
        /// When it was stored.
        created_at -> Timestamptz,
        /// When it was last changed.
        updated_at -> Timestamptz,
        /// When it was deleted, if it is. It can be restored.
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// What a user's work is sorted into.
    projects (user_id, id) {
        /// The owner.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// What it is called.
        name -> Text,
        /// What it is about.
        description -> Nullable<Text>,
        /// Whether anybody may see it, without the owner's identity.
        public -> Bool,
        /// Grows by one with each change; callers see it as an etag.
        revision -> Int8,
        /// When it was created.
        created_at -> Timestamptz,
        /// When it was last changed.
        updated_at -> Timestamptz,
        /// When it was deleted, if it is. It can be restored.
        deleted_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Who is in a scene, each once.
    scene_characters (user_id, scene_id, character_id) {
        /// The owner.
        user_id -> Uuid,
        /// The scene.
        scene_id -> Uuid,
        /// The character.
        character_id -> Uuid,
        /// The order among the characters.
        position -> Int4,
    }
}

diesel::table! {
    /// Images that were made of a scene.
    scene_images (user_id, scene_id, asset_id) {
        /// The owner.
        user_id -> Uuid,
        /// The scene.
        scene_id -> Uuid,
        /// The image.
        asset_id -> Uuid,
        /// When it was added; the order among the images.
        added_at -> Timestamptz,
    }
}

diesel::table! {
    /// Scenes with several characters.
    scenes (user_id, id) {
        /// The owner.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// What it is called.
        name -> Nullable<Text>,
        /// What the user wrote.
        description -> Nullable<Text>,
        /// What the model is told.
        prompt -> Nullable<Text>,
        /// How it is drawn.
        style -> Text,
        /// Grows by one with each change; seen as an etag.
        revision -> Int8,
        /// When it was created.
        created_at -> Timestamptz,
        /// When it was last changed.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Links that show a project to whoever has one. Those that are over stay, for the record.
    share_links (user_id, id) {
        /// The project's owner.
        user_id -> Uuid,
        /// UUIDv7, made by the service; no part of the token.
        id -> Uuid,
        /// The project that is shown.
        project_id -> Uuid,
        /// SHA-256 of the token, which is not kept.
        hash -> Bytea,
        /// When the link was made.
        created_at -> Timestamptz,
        /// From when on it opens nothing, if it expires.
        expires_at -> Nullable<Timestamptz>,
        /// When it was revoked, if it was.
        revoked_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    /// Themes of characters, such as winter outfits.
    themes (user_id, id) {
        /// The owner.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// The character.
        character_id -> Uuid,
        /// The name as written.
        name -> Text,
        /// The name in lower case: one of it for each character.
        name_key -> Text,
        /// What the theme is about.
        description -> Nullable<Text>,
        /// Grows by one with each change; seen as an etag.
        revision -> Int8,
        /// When it was created.
        created_at -> Timestamptz,
        /// When it was last changed.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// How users sign in: a subject that an issuer vouches for belongs to one user.
    user_identities (issuer, subject) {
        /// Who vouches, compared byte for byte.
        issuer -> Text,
        /// The issuer's own id of the user.
        subject -> Text,
        /// The user.
        user_id -> Uuid,
        /// The order among the user's identities, oldest first.
        position -> Int4,
    }
}

diesel::table! {
    /// What users tell about themselves, once they have told anything.
    user_profiles (user_id) {
        /// The user.
        user_id -> Uuid,
        /// What the user writes about themselves.
        bio -> Nullable<Text>,
        /// An http or https address.
        website_url -> Nullable<Text>,
        /// The user's name on each network.
        social_links -> Jsonb,
        /// What the user does for a living.
        profession -> Nullable<Text>,
        /// Where the user works.
        company -> Nullable<Text>,
        /// The industry that the user works in.
        industry -> Nullable<Text>,
        /// How experienced the user is at creating.
        experience -> Nullable<Text>,
        /// What the user creates for.
        use_cases -> Array<Nullable<Text>>,
        /// The styles that the user likes.
        favourite_styles -> Array<Nullable<Text>>,
        /// Awards in their order: objects of a kind and the microsecond since 1970.
        badges -> Jsonb,
        /// How often others liked the user's work.
        likes -> Int8,
        /// How often others downloaded the user's work.
        downloads -> Int8,
        /// Grows by one with each change of the fields and badges; callers see it as an etag.
        revision -> Int8,
        /// When the fields or badges were last changed.
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    /// Who a product's credits, projects and characters belong to.
    users (id) {
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// The address as written, if the product has one.
        email -> Nullable<Text>,
        /// The address in lower case: unique among users.
        email_key -> Nullable<Text>,
        /// The username as written, if the product has one.
        username -> Nullable<Text>,
        /// The username in lower case: unique among users.
        username_key -> Nullable<Text>,
        /// What to call the user.
        display_name -> Nullable<Text>,
        /// The first name.
        first_name -> Nullable<Text>,
        /// The last name.
        last_name -> Nullable<Text>,
        /// An http or https address of a picture.
        avatar_url -> Nullable<Text>,
        /// Grows by one with each change; callers see it as an etag.
        revision -> Int8,
        /// When the user was created.
        created_at -> Timestamptz,
        /// When the user was last changed.
        updated_at -> Timestamptz,
        /// Whether the user may use the product, and how far.
        status -> Text,
        /// Why the status was set, for operators.
        status_reason -> Nullable<Text>,
        /// When the status was last set.
        status_changed_at -> Nullable<Timestamptz>,
        /// When the present email address was verified.
        email_verified_at -> Nullable<Timestamptz>,
        /// When the user last signed in.
        last_login_at -> Nullable<Timestamptz>,
        /// The language that the product speaks with the user.
        language -> Text,
        /// The user's time zone by its IANA name.
        time_zone -> Text,
        /// Whether the user wants email.
        notify_email -> Bool,
        /// Whether the user wants push messages.
        notify_push -> Bool,
        /// Who may see the profile.
        visibility -> Text,
        /// Whether public characters may be shown in the gallery, if the profile is public too.
        gallery_showcase -> Bool,
        /// How much the user wants to be spared.
        content_filter -> Text,
    }
}

diesel::table! {
    /// Variants of characters, made by an edit instruction in a theme.
    variants (user_id, id) {
        /// The owner.
        user_id -> Uuid,
        /// UUIDv7, made by the service.
        id -> Uuid,
        /// The character.
        character_id -> Uuid,
        /// The theme, one of the character.
        theme_id -> Uuid,
        /// Counts from 1 within the theme.
        number -> Int4,
        /// The edit instruction.
        prompt -> Text,
        /// The picture.
        image_asset_id -> Nullable<Uuid>,
        /// The picture in small.
        thumbnail_asset_id -> Nullable<Uuid>,
        /// What the product keeps with it.
        metadata -> Nullable<Jsonb>,
        /// Grows by one with each change; seen as an etag.
        revision -> Int8,
        /// When it was created.
        created_at -> Timestamptz,
        /// When it was last changed.
        updated_at -> Timestamptz,
    }
}

diesel::joinable!(characters -> users (user_id));
diesel::joinable!(collections -> users (user_id));
diesel::joinable!(scenes -> users (user_id));
diesel::joinable!(user_identities -> users (user_id));
diesel::joinable!(user_profiles -> users (user_id));

diesel::allow_tables_to_appear_in_same_query!(
    characters,
    collection_entries,
    collections,
    scene_characters,
    scene_images,
    scenes,
    themes,
    user_identities,
    user_profiles,
    users,
    variants,
);
diesel::allow_tables_to_appear_in_same_query!(projects, share_links,);
